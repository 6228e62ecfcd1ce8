import type { Carry, SimulatorServer } from "./server.ts"

/** A loopback server needs Node: elsewhere nothing listens, and `fetch` of the simulator is the way to it. */
export const serve = async (_carry: Carry, _port: number): Promise<SimulatorServer> => {
  throw new Error("listen() needs Node: give the simulator's own fetch to the client, or its handlers to msw")
}
