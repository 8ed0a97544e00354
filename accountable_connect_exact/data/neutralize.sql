-- a copy of a database must not reach Exact Online
UPDATE accountable_sign_in
   SET exact_client_id = NULL,
       exact_client_secret = NULL,
       exact_webhook_secret = NULL,
       tokens = NULL
 WHERE package = 'exact';
-- Until the new version starts in it for the first time, a database of version 19.0.1.2.0 keeps these
-- in columns of this addon.
DO $$
BEGIN
    UPDATE accountable_sign_in
       SET exact_nonce = NULL,
           exact_user_name = NULL;
    UPDATE accountable_connection
       SET exact_webhooks = FALSE;
EXCEPTION
    WHEN undefined_column THEN NULL;
END $$;
