import type { GpuError } from "../../packages/core/src/index.ts"
import { isGpuError } from "../../packages/sdk/src/index.ts"
import { connect, memoryKnownHosts } from "../../packages/ssh/src/index.ts"
import { type FaultServer, type ServerBehaviour, startServer } from "../../packages/ssh/src/testing/server.ts"
import { readEach } from "../clouds/read.ts"

/** One way to each of some errors: a mistake, or a fault of a cloud or a machine. */
export type Ways = Readonly<Partial<Record<GpuError["_tag"], () => Promise<unknown>>>>

const keyOf = ({ key }: FaultServer) => ({ key, agent: false as const })

/** Something done with a machine that is an ssh server in this process. */
const onServer = async <A>(behaviour: ServerBehaviour, use: (server: FaultServer) => Promise<A>): Promise<A> => {
  const server = await startServer(behaviour)
  try {
    return await use(server)
  } finally {
    await server.stop()
  }
}

const onMachines: Ways = {
  Unreachable: () => connect({ host: "127.0.0.1", port: 1 }),
  LoginRefused: () => onServer({ allow: () => false }, async (server) => connect(server, keyOf(server))),
  HostKeyChanged: () =>
    onServer({}, async (server) => {
      const knownHosts = memoryKnownHosts()
      await knownHosts.remember(
        `[127.0.0.1]:${server.port}`,
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789"
      )
      return connect(server, { ...keyOf(server), knownHosts })
    }),
  ConnectionLost: () =>
    onServer({ onExec: (channel) => channel.close() }, async (server) => {
      await using machine = await connect(server, keyOf(server))
      return await machine.exec("true")
    }),
  RemoteFailed: () =>
    onServer({ refuseSessions: true }, async (server) => {
      await using machine = await connect(server, keyOf(server))
      return await machine.exec("true")
    })
}

/** An error of each tag as it really comes, made on simulated clouds; fails when one is another error by now. */
export const provokedErrors = async (): Promise<ReadonlyMap<string, GpuError>> => {
  const onClouds = await readEach<{ readonly ways: Ways }>("provoked")
  const ways: Ways = Object.assign({}, ...onClouds.map((cloud) => cloud.ways), onMachines)
  const errors = new Map<string, GpuError>()
  for (const [tag, way] of Object.entries(ways)) {
    const error: unknown = await way().then(
      () => null,
      (reason) => reason
    )
    if (!isGpuError(error) || error._tag !== tag) throw new Error(`no ${tag} came of its way`, { cause: error })
    errors.set(tag, error)
  }
  return errors
}
