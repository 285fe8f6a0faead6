-- Runs once, when the database is new: the user of the gateways, who owns nothing. The migrations give its group rights.
CREATE ROLE tollgate_gateway NOLOGIN;
CREATE ROLE gateway LOGIN PASSWORD 'gateway' IN ROLE tollgate_gateway;
