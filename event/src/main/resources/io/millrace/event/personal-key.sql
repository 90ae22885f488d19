-- By which the key of personal data is recognized. Grain: one row, once there is a key.
CREATE TABLE IF NOT EXISTS personal_key (mark TEXT NOT NULL PRIMARY KEY);
