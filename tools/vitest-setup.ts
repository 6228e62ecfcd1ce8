import dns from "node:dns"
import { syncBuiltinESMExports } from "node:module"
import { Socket } from "node:net"
import fc from "fast-check"
import { afterEach } from "vitest"

// Property tests draw new cases on every run at a desk, and the same ones in CI: a landing is not left to chance.
if (process.env.CI) fc.configureGlobal({ seed: 20_260_105 })

/*
 * No test reaches a host that is not this machine. Connecting and looking up names throws, and the test fails even
 * when the code under test swallows that error: a retry must not hide a call to a real cloud.
 */

const key = Symbol.for("anygpu.test.reached-hosts")
const shared = globalThis as { [key]?: string[] }
shared[key] ??= []
const reached = shared[key]

/** The hosts that were refused since the last call, for the test of this file. */
export const takeReachedHosts = (): ReadonlyArray<string> => reached.splice(0)

const isLocal = (host: string): boolean => {
  const name = host.replace(/^\[|\]$/g, "").toLowerCase()
  return name === "localhost" || name === "::1" || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(name)
}

const refused = (host: string): Error => {
  reached.push(host)
  return new Error(`A test must not reach ${host}: point the code at a simulator on 127.0.0.1`)
}

/** The host of the arguments of `connect` in all its forms; null for a path, which is a socket of this machine. */
const hostOf = (args: ReadonlyArray<unknown>): string | null => {
  const [first, second] = args
  if (Array.isArray(first)) return hostOf(first)
  if (typeof first === "object" && first !== null) {
    const { path, host } = first as { readonly path?: unknown; readonly host?: unknown }
    // undici passes both: there `path` is of the request. A socket path comes without a host.
    return host === undefined && path !== undefined ? null : String(host ?? "localhost")
  }
  if (typeof first === "string" && !/^\d+$/.test(first)) return null
  return typeof second === "string" ? second : "localhost"
}

/** A socket that msw answers itself. Those it passes on to the real host are caught when the name is looked up. */
const isMocked = (socket: Socket): boolean =>
  Object.getOwnPropertySymbols(socket).some(({ description }) => description === "kPatched")

const connect = Socket.prototype.connect
Socket.prototype.connect = function (this: Socket, ...args: ReadonlyArray<unknown>) {
  const host = hostOf(args)
  if (host !== null && !isLocal(host) && !isMocked(this)) throw refused(host)
  return Reflect.apply(connect, this, args)
} as typeof connect

const guardLookup = <F extends (...args: never[]) => unknown>(lookup: F, fail: (error: Error) => unknown): F =>
  ((...args: Parameters<F>) =>
    typeof args[0] === "string" && !isLocal(args[0]) ? fail(refused(args[0])) : lookup(...args)) as F

const throws = (error: Error): never => {
  throw error
}
const names = ["lookup", "resolve", "resolve4", "resolve6", "resolveAny"] as const
for (const name of names.filter((candidate) => candidate in dns)) {
  Object.assign(dns, { [name]: guardLookup(dns[name], throws) })
  Object.assign(dns.promises, { [name]: guardLookup(dns.promises[name], (error) => Promise.reject(error)) })
}
syncBuiltinESMExports()

afterEach(() => {
  const hosts = takeReachedHosts()
  if (hosts.length > 0) throw new Error(`The test reached for ${[...new Set(hosts)].join(", ")}`)
})
