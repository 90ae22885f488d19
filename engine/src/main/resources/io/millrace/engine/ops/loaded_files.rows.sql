SELECT stream, number, -number, sequence, location, bytes, sha256 FROM loaded_files
