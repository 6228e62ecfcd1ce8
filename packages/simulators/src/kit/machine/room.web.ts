import type { Machines } from "../machines.ts"

/** Servers need Node: elsewhere no machine can be logged in to. */
export const makeMachines = (name: string): Machines => {
  throw new Error(`The machines of ${name} cannot be logged in to here: option ssh needs Node`)
}
