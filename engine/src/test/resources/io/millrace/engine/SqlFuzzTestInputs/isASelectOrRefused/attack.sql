SELECT * FROM read_csv('/etc/passwd'), "/etc/passwd"; COPY x TO 'y'
