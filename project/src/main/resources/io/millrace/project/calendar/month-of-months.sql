CAST(date_diff('month', begins - ${month_shift}, day - ${month_shift}) + 1 AS INTEGER)
