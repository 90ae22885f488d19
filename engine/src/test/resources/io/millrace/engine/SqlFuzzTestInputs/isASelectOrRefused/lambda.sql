SELECT list_transform([1], lambda x: x + 1), item.price::DECIMAL(12,2), COLUMNS('a.*') FROM bronze.clicks, unnest([1]) AS t(a)
