import type { OptionalOp } from "@anygpu/core"
import { absenceMutants } from "./absence.ts"
import { accountMutants } from "./accounts.ts"
import { actionMutants } from "./actions.ts"
import { clockMutants } from "./clock.ts"
import { diskMutants } from "./disks.ts"
import { factoryMutants } from "./factory.ts"
import { failureMutants } from "./failure.ts"
import { filterMutants } from "./filters.ts"
import { hostileMutants } from "./hostile.ts"
import { moneyMutants } from "./money.ts"
import type { Mutant } from "./mutant.ts"
import { oddMutants } from "./odd.ts"
import { outcomeMutants } from "./outcomes.ts"
import { ownEndMutants } from "./own-end.ts"
import { revokedMutants } from "./revoked.ts"
import { truthMutants } from "./truth.ts"

export type { Mutant } from "./mutant.ts"

/** The names of the mutants that only a provider with an operation can be. */
export const mutantsOf = (op: OptionalOp): ReadonlyArray<string> =>
  mutants.flatMap(({ name, ops = [] }) => (ops.includes(op) ? [name] : []))

/** Broken providers, made of any healthy one, that the suite has to catch; each by a test it names. */
export const mutants: ReadonlyArray<Mutant> = [
  ...moneyMutants,
  ...truthMutants,
  ...filterMutants,
  ...absenceMutants,
  ...actionMutants,
  ...clockMutants,
  ...failureMutants,
  ...hostileMutants,
  ...outcomeMutants,
  ...oddMutants,
  ...accountMutants,
  ...factoryMutants,
  ...ownEndMutants,
  ...diskMutants,
  ...revokedMutants
]
