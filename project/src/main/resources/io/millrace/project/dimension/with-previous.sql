SELECT newest.* EXCLUDE (${inner}), ${previous}
FROM newest
JOIN previous ON ${same_previous}
