/** One operation of an interface, whatever it takes and answers. */
export type Operation = (...args: ReadonlyArray<unknown>) => unknown

/** The same object with every function exchanged; everything else stays. */
export const mapOperations = <Ops extends object>(
  ops: Ops,
  exchange: (operation: Operation, name: string) => Operation
): object =>
  Object.fromEntries(
    Object.entries(ops).map(([name, value]) => [name, typeof value === "function" ? exchange(value, name) : value])
  )
