-- A copy of a database must not reach live books: no secrets, no tokens, nothing that sends.
-- Each package addon empties its own secret fields in the same way.
UPDATE accountable_sign_in
   SET tokens = NULL,
       database_identity = NULL,
       state = 'new';
UPDATE accountable_connection
   SET state = 'paused'
 WHERE state IN ('connected', 'configuration_needed', 'reconnect')
   AND step = 'done';
