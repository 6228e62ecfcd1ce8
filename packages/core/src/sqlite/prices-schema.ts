/**
 * The tables of prices: what a schema version adds for them, which is never changed.
 *
 * - A series is written once, and each of its changes as three numbers: minutes since 1970 take four bytes.
 */
export const pricesSchema = `CREATE TABLE price_looks (
     provider TEXT NOT NULL,
     kind TEXT NOT NULL,
     interruptible INTEGER NOT NULL,
     minute INTEGER NOT NULL,
     PRIMARY KEY (provider, kind, interruptible)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE price_series (
     id INTEGER PRIMARY KEY,
     provider TEXT NOT NULL,
     kind TEXT NOT NULL,
     interruptible INTEGER NOT NULL,
     offer TEXT NOT NULL,
     gpu TEXT NOT NULL,
     gpu_count INTEGER NOT NULL,
     currency TEXT NOT NULL,
     minute INTEGER NOT NULL,
     micros INTEGER,
     UNIQUE (provider, kind, offer, interruptible, gpu, gpu_count, currency)
   ) STRICT;
   CREATE INDEX price_series_gone ON price_series (provider, kind, interruptible, minute) WHERE micros IS NULL;
   CREATE TABLE prices (
     series INTEGER NOT NULL,
     minute INTEGER NOT NULL,
     micros INTEGER,
     PRIMARY KEY (series, minute)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE market_hours (
     gpu TEXT NOT NULL,
     hour INTEGER NOT NULL,
     provider TEXT NOT NULL,
     kind TEXT NOT NULL,
     interruptible INTEGER NOT NULL,
     currency TEXT NOT NULL,
     min INTEGER,
     median INTEGER,
     max INTEGER,
     count INTEGER NOT NULL,
     PRIMARY KEY (gpu, hour, provider, kind, interruptible, currency)
   ) STRICT, WITHOUT ROWID;`
