import { createHash } from "node:crypto"
import { createRandom } from "@anygpu/simulators"

/** Where this process gets its chance from, and how to give it back. */
interface Chance {
  readonly random: () => number
  readonly values: typeof crypto.getRandomValues
  readonly id: typeof crypto.randomUUID
  readonly digest: typeof crypto.subtle.digest
}

const put = ({ random, values, id, digest }: Chance): void => {
  Math.random = random
  Object.defineProperty(crypto, "getRandomValues", { value: values, configurable: true, writable: true })
  Object.defineProperty(crypto, "randomUUID", { value: id, configurable: true, writable: true })
  Object.defineProperty(crypto.subtle, "digest", { value: digest, configurable: true, writable: true })
}

/** A hash at once: on another thread it would take real time, which virtual time may or may not wait for. */
const digestNow: typeof crypto.subtle.digest = async (algorithm, data) => {
  const name = typeof algorithm === "string" ? algorithm : algorithm.name
  const bytes = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : data
  return new Uint8Array(createHash(name.replace("-", "")).update(new Uint8Array(bytes)).digest()).buffer
}

/** Runs with all chance of this process drawn from a seed: markers, idempotency keys and the jitter of retries. */
export const seeded = async <A>(seed: number, run: () => Promise<A>): Promise<A> => {
  const chance = createRandom(seed ^ 0x2545f491)
  const before = {
    random: Math.random,
    values: crypto.getRandomValues.bind(crypto),
    id: crypto.randomUUID.bind(crypto),
    digest: crypto.subtle.digest.bind(crypto.subtle)
  }
  put({
    digest: digestNow,
    random: chance.next,
    values: (array) => {
      if (array instanceof Uint8Array) for (let at = 0; at < array.length; at++) array[at] = chance.integer(0, 255)
      else throw new TypeError("only bytes are drawn here")
      return array
    },
    id: () => {
      const hex = chance.hex(31)
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(18, 30)}`
    }
  })
  try {
    return await run()
  } finally {
    put(before)
  }
}
