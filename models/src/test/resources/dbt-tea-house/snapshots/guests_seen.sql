{% snapshot guests_seen %}
{{
    config(
        target_schema='snapshots',
        unique_key='id',
        strategy='timestamp',
        updated_at='changed_at',
        hard_deletes='invalidate'
    )
}}
select id, name, postcode, changed_at from {{ ref('raw_guests') }}
{% endsnapshot %}
