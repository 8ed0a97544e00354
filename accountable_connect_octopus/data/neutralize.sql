-- a copy of a database must not reach Octopus
UPDATE accountable_sign_in
   SET octopus_user = NULL,
       octopus_password = NULL,
       octopus_software_house_uuid = NULL,
       tokens = NULL
 WHERE package = 'octopus';
