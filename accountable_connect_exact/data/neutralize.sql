-- a copy of a database must not reach Exact Online
UPDATE accountable_sign_in
   SET exact_client_id = NULL,
       exact_client_secret = NULL,
       exact_webhook_secret = NULL,
       exact_nonce = NULL,
       exact_user_name = NULL,
       tokens = NULL
 WHERE package = 'exact';
UPDATE accountable_connection
   SET exact_webhooks = FALSE
 WHERE package = 'exact';
