-- A copy of a database must not reach live books: no secrets, no tokens, nothing that sends.
-- Each package addon empties its own secret fields in the same way.
UPDATE accountable_sign_in
   SET tokens = NULL,
       database_identity = NULL,
       state = 'new';
-- A copy is neutralised before the new version starts in it for the first time: until then a database
-- of version 19.0.1.1.0 lacks some of these columns, one of 19.0.1.2.0 others.
DO $$
BEGIN
    DELETE FROM accountable_app;
EXCEPTION
    WHEN undefined_table THEN NULL;
END $$;
DO $$
BEGIN
    UPDATE accountable_connection
       SET database_identity = NULL,
           unknown_booking = NULL;
EXCEPTION
    WHEN undefined_column THEN NULL;
END $$;
DO $$
BEGIN
    UPDATE accountable_sign_in
       SET consent_nonce = NULL,
           signed_in_as = NULL;
    UPDATE accountable_connection
       SET webhooks = FALSE;
EXCEPTION
    WHEN undefined_column THEN NULL;
END $$;
-- What it books once it is a database of its own carries another mark; what is linked keeps its own.
UPDATE accountable_binding b
   SET details = COALESCE(NULLIF(b.details, 'null'::jsonb), '{}'::jsonb)
        || jsonb_build_object('own_reference', 'odoo-' || p.value || '-' || b.res_id)
  FROM ir_config_parameter p
 WHERE p.key = 'accountable_connect.mark'
   AND b.kind = 'document'
   AND b.res_model = 'account.move'
   AND COALESCE(b.details #>> '{content,own_reference}', b.details ->> 'own_reference', '') = '';
UPDATE ir_config_parameter
   SET value = left(md5(random()::text || clock_timestamp()::text), 10)
 WHERE key = 'accountable_connect.mark';
DELETE FROM ir_config_parameter
 WHERE key = 'accountable_connect.mark_identity';
UPDATE accountable_connection
   SET state = 'paused'
 WHERE state IN ('connected', 'configuration_needed', 'reconnect')
   AND step = 'done';
DO $$
BEGIN
    UPDATE accountable_connection
       SET state = 'paused'
     WHERE state IN ('connected', 'configuration_needed', 'reconnect')
       AND rest_waits;
EXCEPTION
    WHEN undefined_column THEN NULL;
END $$;
-- Nothing is written in the folder that the receiver of the live database empties.
DO $$
BEGIN
    UPDATE accountable_connection
       SET channel = 'download',
           folder = NULL;
    UPDATE accountable_hand_over
       SET next_try = NULL;
EXCEPTION
    WHEN undefined_column OR undefined_table THEN NULL;
END $$;
DO $$
BEGIN
    UPDATE accountable_connection
       SET mail_to = NULL,
           mail_to_bills = NULL,
           sftp_server_id = NULL;
    UPDATE accountable_sftp_server
       SET password = NULL,
           private_key = NULL,
           passphrase = NULL,
           host_key = NULL,
           shown_key = NULL;
EXCEPTION
    WHEN undefined_column OR undefined_table THEN NULL;
END $$;
