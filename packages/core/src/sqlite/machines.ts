import type { OpenInterval } from "../ledger/history.ts"
import type { MachineRecord } from "../ledger/ledger.ts"
import type { MachineTable } from "../ledger/store.ts"
import type { Kind } from "../model/kind.ts"
import { InstanceRef } from "../model/ref.ts"
import type { Intent } from "../model/status.ts"
import type { Connection } from "./connection.ts"
import { numberOf, type Row, textOf, whoseIn, whoseValues } from "./values.ts"

/** The record of a row. */
export const toMachine = (row: Row): MachineRecord => {
  const action = textOf(row.intent_action)
  return {
    ref: new InstanceRef(String(row.provider), String(row.kind) as Kind, String(row.id)),
    intent: action === null ? null : { action: action as Intent["action"], at: Number(row.intent_at) },
    firstSeen: numberOf(row.first_seen),
    goneAt: numberOf(row.gone_at),
    ...(typeof row.account === "string" && { account: row.account }),
    ...(typeof row.back_at === "number" && { backAt: row.back_at }),
    ...(typeof row.name === "string" && { name: row.name }),
    ...whoseIn(row),
    ...(typeof row.paid === "string" && { paid: JSON.parse(row.paid) as OpenInterval }),
    ...(typeof row.paid_until === "number" && { paidUntil: row.paid_until }),
    ...(typeof row.host_key === "string" && { hostKey: row.host_key })
  }
}

/** The rows of machines. */
export const machineRows = ({ database, stored }: Connection): MachineTable => {
  const find = database.prepare("SELECT * FROM machines WHERE provider = ? AND kind = ? AND id = ?")
  const findAll = database.prepare("SELECT * FROM machines WHERE provider = ? AND kind = ? ORDER BY sequence")
  const findPaid = database.prepare("SELECT * FROM machines WHERE paid IS NOT NULL ORDER BY sequence")
  const write = database.prepare(
    `INSERT INTO machines (provider, kind, id, intent_action, intent_at, first_seen, gone_at, account, back_at, name, host_key,
       paid, paid_until, tags, owned_by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (provider, kind, id) DO UPDATE SET intent_action = excluded.intent_action,
       intent_at = excluded.intent_at, first_seen = excluded.first_seen, gone_at = excluded.gone_at,
       account = excluded.account, back_at = excluded.back_at, name = excluded.name,
       host_key = excluded.host_key, paid = excluded.paid, paid_until = excluded.paid_until,
       tags = excluded.tags, owned_by = excluded.owned_by`
  )
  return {
    byRefs: (refs) =>
      stored(() =>
        refs.map(({ provider, kind, id }) => {
          const row = find.get(provider, kind, id)
          return row ? toMachine(row) : null
        })
      ),
    save: ({ ref, intent, firstSeen, goneAt, account = null, backAt = null, ...machine }) => {
      const { action = null, at = null } = intent ?? {}
      const { name = null, hostKey = null, paid, paidUntil = null } = machine
      const paidText = paid === undefined ? null : JSON.stringify(paid)
      const own = [action, at, firstSeen, goneAt, account, backAt, name, hostKey, paidText, paidUntil]
      const values = [...own, ...whoseValues(machine)]
      return stored(() => void write.run(ref.provider, ref.kind, ref.id, ...values))
    },
    paid: () => stored(() => findPaid.all().map(toMachine)),
    of: (provider, kind) =>
      stored(() => new Map(findAll.all(provider, kind).map((row) => [String(row.id), toMachine(row)])))
  }
}
