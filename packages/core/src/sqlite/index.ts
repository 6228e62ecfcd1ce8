import type { SQLInputValue } from "node:sqlite"
import * as Effect from "effect/Effect"
import { Conflict, type ProviderFault } from "../errors.ts"
import { firstOver } from "../ledger/budget.ts"
import type { LaunchQuery, LaunchRecord, Ledger, MachineRecord } from "../ledger/ledger.ts"
import {
  answerOrRefusal,
  claimed,
  ended,
  intended,
  isMade,
  launched,
  machineOf,
  markerTaken,
  markerUnknown,
  named,
  newMachine,
  renewed,
  settled,
  sighted,
  specText,
  withHostKey
} from "../ledger/rules.ts"
import type { Kind } from "../model/kind.ts"
import { InstanceRef } from "../model/ref.ts"
import type { Intent } from "../model/status.ts"
import { budgetRows } from "./budgets.ts"
import { openDatabase, transaction } from "./database.ts"
import { failureRows } from "./failures.ts"
import { fileFault } from "./faults.ts"
import { runRows } from "./runs.ts"
import { numberOf, type Row, textOf, toLaunch } from "./values.ts"

const toMachine = (row: Row): MachineRecord => {
  const action = textOf(row.intent_action)
  return {
    ref: new InstanceRef(String(row.provider), String(row.kind) as Kind, String(row.id)),
    intent: action === null ? null : { action: action as Intent["action"], at: Number(row.intent_at) },
    firstSeen: numberOf(row.first_seen),
    goneAt: numberOf(row.gone_at),
    ...(typeof row.account === "string" && { account: row.account }),
    ...(typeof row.back_at === "number" && { backAt: row.back_at }),
    ...(typeof row.name === "string" && { name: row.name }),
    ...(typeof row.host_key === "string" && { hostKey: row.host_key })
  }
}

const conditionsOf = (query: LaunchQuery): ReadonlyArray<readonly [sql: string, values: ReadonlyArray<string>]> => {
  const equals = { provider: query.provider, kind: query.kind, key: query.key, marker: query.marker }
  return [
    ...Object.entries({ ...equals, instance_id: query.instanceId }).flatMap(([column, value]) =>
      value === undefined ? [] : [[`${column} = ?`, [value]] as const]
    ),
    ...(query.states ? [[`state IN (${query.states.map(() => "?").join(", ")})`, query.states] as const] : []),
    ...(query.leased === undefined ? [] : [[`lease_until IS ${query.leased ? "NOT " : ""}NULL`, []] as const]),
    ...(query.owned === undefined ? [] : [[`owner IS ${query.owned ? "NOT " : ""}NULL`, []] as const])
  ]
}

/**
 * A ledger in a SQLite file: what was paid for survives a crash, a `kill -9` and a power cut.
 *
 * - A write is on the disk when its effect succeeds (WAL, `synchronous=FULL`).
 * - Several processes may use the same file at the same time; a write waits up to 10 seconds for another one's.
 * - The file is made readable for its owner only (0600), its directory too (0700) where it is missing; an older
 *   schema is brought forward.
 * - A key whose launch was refused is free again: the next launch takes it, and the refused record stays without it.
 * - `":memory:"` keeps everything in this process.
 * - Throws `ProviderFault` when the file cannot be opened, is of a newer anygpu or is no ledger; the file is then left
 *   as it is. Operations fail with `ProviderFault` naming the file and what to do.
 *
 * @example
 * ```ts
 * import { sqliteLedger } from "@anygpu/core/sqlite"
 *
 * using ledger = sqliteLedger("/var/lib/my-service/ledger.db")
 * ```
 */
export const sqliteLedger = (path: string): Ledger & { close(): void; [Symbol.dispose](): void } => {
  const { database, file } = openDatabase(path, sqliteLedger)

  const findLaunch = database.prepare("SELECT * FROM launches WHERE marker = ?")
  const findKey = database.prepare("SELECT * FROM launches WHERE key = ?")
  const freeKey = database.prepare("UPDATE launches SET key = NULL WHERE marker = ?")
  const writeLaunch = database.prepare(
    `INSERT INTO launches (marker, key, idempotency_key, provider, kind, name, offer_id, price_micros, price_currency,
       spec, at, state, instance_id, note, lease_until, monotonic_at, sent_after, owner, fence,
       account)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
  )
  const writeOutcome = database.prepare(
    "UPDATE launches SET state = ?, instance_id = ?, note = ?, lease_until = ?, owner = ?, fence = ? WHERE marker = ?"
  )
  const writeClaim = database.prepare("UPDATE launches SET fence = ?, sent_after = ? WHERE marker = ?")
  const writeLease = database.prepare("UPDATE launches SET lease_until = ? WHERE marker = ?")
  const budgets = budgetRows(database)
  const { failed, failures } = failureRows(database)
  const { openRun, changeRun, runs } = runRows(database)
  const findMachine = database.prepare("SELECT * FROM machines WHERE provider = ? AND kind = ? AND id = ?")
  const findMachines = database.prepare("SELECT * FROM machines WHERE provider = ? AND kind = ? ORDER BY sequence")
  const writeMachine = database.prepare(
    `INSERT INTO machines (provider, kind, id, intent_action, intent_at, first_seen, gone_at, account, back_at, name, host_key)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (provider, kind, id) DO UPDATE SET intent_action = excluded.intent_action,
       intent_at = excluded.intent_at, first_seen = excluded.first_seen, gone_at = excluded.gone_at,
       account = excluded.account, back_at = excluded.back_at, name = excluded.name,
       host_key = excluded.host_key`
  )

  const read = <A>(body: () => A): Effect.Effect<A, ProviderFault> =>
    Effect.try({ try: body, catch: (cause) => fileFault(file, cause) })
  const write = <A>(body: () => A): Effect.Effect<A, ProviderFault> => read(() => transaction(database, body))
  const writeOrRefuse = <A>(body: () => A): Effect.Effect<A, ProviderFault | Conflict> =>
    Effect.try({
      try: () => transaction(database, body),
      catch: (cause) => (cause instanceof Conflict ? cause : fileFault(file, cause))
    })

  const launchOf = (marker: string): LaunchRecord => {
    const row = findLaunch.get(marker)
    if (!row) throw markerUnknown(marker)
    return toLaunch(row)
  }
  const knownOf = (ref: InstanceRef): MachineRecord | null => {
    const row = findMachine.get(ref.provider, ref.kind, ref.id)
    return row ? toMachine(row) : null
  }
  const change = (ref: InstanceRef, rule: (machine: MachineRecord) => MachineRecord): void => {
    const {
      intent,
      firstSeen,
      goneAt,
      account = null,
      backAt = null,
      name = null,
      hostKey = null
    } = rule(knownOf(ref) ?? newMachine(ref))
    const { action = null, at = null } = intent ?? {}
    writeMachine.run(ref.provider, ref.kind, ref.id, action, at, firstSeen, goneAt, account, backAt, name, hostKey)
  }
  const insert = (launch: LaunchRecord): void => {
    const { pricePerHour: price } = launch
    const values: ReadonlyArray<SQLInputValue> = [
      ...[launch.marker, launch.key, launch.idempotencyKey, launch.provider, launch.kind, launch.name, launch.offerId],
      ...[price?.micros ?? null, price?.currency ?? null, specText(launch), launch.at, launch.state],
      ...[launch.instanceId, launch.note, launch.leaseUntil, launch.monotonicAt ?? null],
      ...[launch.sentAfter, launch.owner, launch.fence, launch.account ?? null]
    ]
    writeLaunch.run(...values)
  }
  const close = (): void => {
    if (database.isOpen) database.close()
  }

  return {
    openLaunch: (launch, ...reservations) =>
      write(() => {
        const holder = launch.key === null ? undefined : findKey.get(launch.key)
        if (holder && holder.state !== "refused") return toLaunch(holder)
        if (findLaunch.get(launch.marker)) throw markerTaken(launch.marker)
        const record = { ...launch, spec: JSON.parse(specText(launch)) as LaunchRecord["spec"] }
        const wanted = reservations.filter((one) => one !== undefined)
        const over = firstOver(wanted, budgets.commitments)
        if (over) return over
        for (const one of wanted) budgets.reserve(launch.marker, one)
        if (holder) freeKey.run(String(holder.marker))
        insert(launch)
        return record
      }).pipe(Effect.flatMap(answerOrRefusal)),
    recommit: (marker, reservation) => write(() => budgets.recommit(marker, reservation)),
    commitments: (budget) => read(() => budgets.commitments(budget)),
    claimLaunch: (marker, fence, sentAfter) =>
      write(() => {
        const record = claimed(launchOf(marker), fence, sentAfter)
        if (record) writeClaim.run(record.fence, record.sentAfter, marker)
        return record
      }),
    settleLaunch: (marker, outcome) =>
      write(() => {
        const record = settled(launchOf(marker), outcome)
        const { state, instanceId, note, leaseUntil, owner, fence } = record
        writeOutcome.run(state, instanceId, note, leaseUntil, owner, fence, marker)
        const ref = machineOf(record)
        if (ref && isMade(record, outcome)) change(ref, (machine) => launched(machine, outcome.at ?? record.at, record))
        return record
      }),
    renewLease: (marker, until) =>
      writeOrRefuse(() => {
        const launch = launchOf(marker)
        const ref = machineOf(launch)
        writeLease.run(renewed(launch, until, ref && knownOf(ref)).leaseUntil, marker)
      }),
    launches: (query = {}) =>
      read(() => {
        const conditions = conditionsOf(query)
        const where = conditions.length === 0 ? "" : `WHERE ${conditions.map(([sql]) => sql).join(" AND ")}`
        const statement = database.prepare(`SELECT * FROM launches ${where} ORDER BY at, sequence`)
        return statement.all(...conditions.flatMap(([, values]) => values)).map(toLaunch)
      }),
    intend: (ref, intent) => write(() => change(ref, (machine) => intended(machine, intent))),
    seen: (refs, at, account) =>
      read(() => {
        // Every listing reports what it saw: a known machine costs a read, not a synchronised write.
        const unseen = refs.filter((ref) => {
          const machine = knownOf(ref) ?? newMachine(ref)
          return sighted(machine, at, account) !== machine
        })
        if (unseen.length > 0) {
          transaction(database, () => {
            for (const ref of unseen) change(ref, (machine) => sighted(machine, at, account))
          })
        }
      }),
    named: (ref, name) => write(() => change(ref, (machine) => named(machine, name))),
    keepHostKey: (ref, key) =>
      write(() => {
        if ((knownOf(ref)?.hostKey ?? null) !== key) change(ref, (machine) => withHostKey(machine, key))
      }),
    gone: (ref, at) => write(() => change(ref, (machine) => ended(machine, at))),
    machines: (provider, kind) =>
      read(() => new Map(findMachines.all(provider, kind).map((row) => [String(row.id), toMachine(row)]))),
    machine: (ref) => read(() => knownOf(ref)),
    failed: (host, at) => write(() => failed(host, at)),
    failures: () => read(failures),
    openRun: (run) => write(() => openRun(run)),
    changeRun: (run) => write(() => changeRun(run)),
    runs: (query = {}) => read(() => runs(query)),
    close,
    [Symbol.dispose]: close
  }
}
