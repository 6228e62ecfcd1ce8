import type { Instance } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import type { listInput } from "./list.ts"
import { type Costs, costsOf } from "./machines/costs.ts"
import { withDetails } from "./machines/details.ts"
import { type Enders, endersOf } from "./machines/ended-by.ts"
import { hourlyOf } from "./machines/hourly.ts"
import { type Launches, launchesOf, leaseUntil } from "./machines/leases.ts"
import { ownedBy } from "./machines/owned-by.ts"
import type { ListJson } from "./protocol/answers/list.ts"
import { type Gathered, gatheredJson, leasedJson, moneyJson } from "./protocol/model.ts"

/** The machines that were listed, with what the ledger knows of them. */
export interface Listed extends Gathered {
  readonly machines: ReadonlyArray<Instance>
  readonly launches: Launches
  readonly costs: Costs
  readonly enders: Enders
}

/** Lists the machines. What a cloud's list leaves out is read one by one. */
export const run = async (
  context: OperationContext,
  { all = false, tags, owner }: InputOf<typeof listInput>
): Promise<Listed> => {
  const { out, signal } = context
  const isWanted = ownedBy({ tags, owner })
  const gpu = await context.gpu()
  const launches = await launchesOf(context)
  return await out.during("asking for machines", async () => {
    const { items, ...found } = await gpu.list({ signal })
    const wanted = items.filter((machine) => (all || machine.status !== "terminated") && isWanted(machine))
    const machines = await withDetails(context, wanted, launches)
    const enders = await endersOf(context, machines)
    return { ...found, machines, launches, enders, costs: await costsOf(gpu, machines, signal) }
  })
}

/** The list in JSON. */
export const encode = ({ machines, launches, costs, enders, ...found }: Listed): ListJson => {
  const { sums, uncounted } = hourlyOf(machines)
  return {
    machines: machines.map((machine) =>
      leasedJson(
        machine,
        leaseUntil(launches, machine),
        enders.get(String(machine.ref)) ?? "nobody",
        costs.get(String(machine.ref))
      )
    ),
    ...{ billedPerHour: sums.map(moneyJson), uncounted },
    ...gatheredJson(found)
  }
}
