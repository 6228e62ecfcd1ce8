import { InstanceRef, type MachineRecord } from "@anygpu/core"
import type { MachineTable } from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import { isOneOf, refValues } from "./refs.ts"
import type { Row, Session } from "./session.ts"
import { decode, encode, escaped } from "./values.ts"

type Kept = Omit<MachineRecord, "ref"> & Pick<InstanceRef, "provider" | "kind" | "id">

/** The machine of a row. */
export const machineOf = ({ record }: Row): MachineRecord => {
  const { provider, kind, id, ...rest } = decode<Kept>(record)
  return { ref: new InstanceRef(provider, kind, id), ...rest }
}

const keptOf = ({ ref: { provider, kind, id }, ...rest }: MachineRecord): Kept => ({ provider, kind, id, ...rest })

/** The rows of machines. */
export const machineRows = ({ ask, lock, schema }: Session): MachineTable => {
  /** Those that this transaction looked for and did not find: another one may add them meanwhile. */
  const absent = new Set<string>()
  return {
    byRefs: (refs) =>
      Effect.map(
        ask(
          // In one order, so that two transactions never wait for each other.
          `SELECT record::text FROM ${schema}.machines WHERE ${isOneOf(1)} ORDER BY provider, kind, id${lock}`,
          ...refValues(refs)
        ),
        (rows) => {
          const machines = new Map(rows.map(machineOf).map((machine) => [machine.ref.toString(), machine]))
          return refs.map((ref) => {
            const machine = machines.get(ref.toString()) ?? null
            if (machine === null) absent.add(ref.toString())
            return machine
          })
        }
      ),
    save: (machine) => {
      const { provider, kind, id } = machine.ref
      const isNew = absent.delete(machine.ref.toString())
      const record = encode(keptOf(machine))
      return Effect.asVoid(
        isNew
          ? ask(`INSERT INTO ${schema}.machines (record) VALUES ($1)`, record)
          : ask(
              `UPDATE ${schema}.machines SET record = $1 WHERE provider = $2 AND kind = $3 AND id = $4`,
              ...[record, escaped(provider), kind, escaped(id)]
            )
      )
    },
    paid: () =>
      Effect.map(ask(`SELECT record::text FROM ${schema}.machines WHERE is_paid ORDER BY sequence`), (rows) =>
        rows.map(machineOf)
      ),
    of: (provider, kind) =>
      Effect.map(
        ask(
          `SELECT record::text FROM ${schema}.machines WHERE provider = $1 AND kind = $2 ORDER BY sequence`,
          ...[escaped(provider), kind]
        ),
        (rows) => new Map(rows.map(machineOf).map((machine) => [machine.ref.id, machine]))
      )
  }
}
