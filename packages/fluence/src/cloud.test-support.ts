import { adapterContext, type Route, scripted } from "@anygpu/conformance"
import { createClock } from "@anygpu/simulators"
import { fluence } from "./index.ts"

/** A key that must show up nowhere. */
export const apiKey = "fluence-key-5d1f0c9ab7e24680"
export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop"

/** An id of the documents' form. */
export const id = "3fa85f64-5717-4562-b3fc-2c963f66afa6"

/** A Fluence that answers from a script, or that it knows no such route. */
export const scriptedCloud = (routes: Readonly<Record<string, Route>> = {}) => {
  const clock = createClock()
  const script = scripted({ "*": { status: 404, json: { error: "no such route" } }, ...routes }, clock)
  return {
    ...script,
    ...adapterContext(clock),
    clock,
    bodies: (route: string) => script.to(route).map(({ json }) => json)
  }
}

/** One that keeps what was sent. */
export const cloudOf = (routes: Readonly<Record<string, Route>> = {}) => {
  const script = scriptedCloud(routes)
  return { ...script, cloud: fluence({ apiKey, transport: script.transport }) }
}

/** A value that changes: what a route answers now. */
export const changing = <A>(first: A) => {
  let value = first
  return {
    now: () => value,
    set: (next: A) => {
      value = next
    }
  }
}
