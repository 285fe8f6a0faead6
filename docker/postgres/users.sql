-- Runs once, when the database is new: the users of the services, who own nothing. The migrations give their groups rights.
CREATE ROLE tollgate_gateway NOLOGIN;
CREATE ROLE gateway LOGIN PASSWORD 'gateway' IN ROLE tollgate_gateway;
CREATE ROLE tollgate_offloader NOLOGIN;
CREATE ROLE offloader LOGIN PASSWORD 'offloader' IN ROLE tollgate_offloader;
CREATE ROLE tollgate_admin NOLOGIN;
CREATE ROLE admin LOGIN PASSWORD 'admin' IN ROLE tollgate_admin;
