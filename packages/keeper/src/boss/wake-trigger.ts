const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** After so many milliseconds it is looked what came of a launch whose process says nothing. */
export const settleAfter = 180_000

/** Writes a job as pg-boss does, with what its queue says. */
const wakeFunction = (schema: string): string => `
  CREATE OR REPLACE FUNCTION ${schema}.anygpu_wake(duty text, of_marker text, at timestamptz, key text) RETURNS void
  LANGUAGE sql AS $body$
    INSERT INTO ${schema}.job (name, data, start_after, keep_until, singleton_key, policy, retry_limit, retry_delay,
      expire_seconds, deletion_seconds, heartbeat_seconds)
    SELECT q.name, jsonb_build_object('marker', of_marker), at, at + q.retention_seconds * interval '1 second', key,
      q.policy, q.retry_limit, q.retry_delay, q.expire_seconds, q.deletion_seconds, q.heartbeat_seconds
    FROM ${schema}.queue q WHERE q.name = duty
    ON CONFLICT DO NOTHING
  $body$;`

const triggerFunction = (schema: string): string => `
  CREATE OR REPLACE FUNCTION ${schema}.anygpu_launch_wakes() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      PERFORM ${schema}.anygpu_wake('settle', new.marker, clock_timestamp() + interval '${settleAfter} milliseconds',
        new.marker);
    END IF;
    IF new.lease_until IS NOT NULL THEN
      IF TG_OP = 'INSERT' OR new.lease_until IS DISTINCT FROM old.lease_until THEN
        PERFORM ${schema}.anygpu_wake('end', new.marker, to_timestamp(new.lease_until / 1000),
          new.marker || '@' || new.lease_until::bigint);
      END IF;
    END IF;
    RETURN NULL;
  EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'anygpu: the keepers were not woken for a launch: %', SQLERRM;
    RETURN NULL;
  END
  $body$;`

/** What is queued, or is to be looked at at another moment, wakes at that moment: a pool by the same duty as a launch. */
const orderFunction = (schema: string): string => `
  CREATE OR REPLACE FUNCTION ${schema}.anygpu_order_wakes() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
  BEGIN
    IF new.state = 'queued' THEN
      IF TG_OP = 'INSERT' OR new.next_at IS DISTINCT FROM old.next_at OR old.state <> 'queued' THEN
        PERFORM ${schema}.anygpu_wake('launch', new.id, to_timestamp(new.next_at / 1000),
          new.id || '@' || new.next_at::bigint);
      END IF;
    END IF;
    RETURN NULL;
  EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'anygpu: the keepers were not woken for an order: %', SQLERRM;
    RETURN NULL;
  END
  $body$;`

const trigger = (table: string, call: string): string => `
  DO $body$
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'anygpu_wakes' AND tgrelid = ${text(table)}::regclass) THEN
      CREATE TRIGGER anygpu_wakes AFTER INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${call}();
    END IF;
  END
  $body$;`

/**
 * Statements by which a launch, or an order, wakes the keepers in its own transaction, whoever opens it and whatever they have
 * installed: triggers on the ledger's tables.
 *
 * - A wake that cannot be written keeps no launch from being written: reconciling makes it again.
 * - It runs with the rights of its owner, so that who may write launches needs none on the jobs.
 * - A lease that is moved wakes at its new end too.
 */
export const wakeTrigger = (ledger: string, jobs: string): string => {
  const schema = quoted(jobs)
  const launches = trigger(`${quoted(ledger)}.launches`, `${schema}.anygpu_launch_wakes`)
  const orders = trigger(`${quoted(ledger)}.orders`, `${schema}.anygpu_order_wakes`)
  const lock = `SELECT pg_advisory_xact_lock(hashtext(${text(`anygpu ${schema}`)}));`
  const functions = `${wakeFunction(schema)} ${triggerFunction(schema)} ${orderFunction(schema)}`
  return `BEGIN; ${lock} ${functions} ${launches} ${orders} COMMIT;`
}
