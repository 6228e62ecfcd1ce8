const message = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })

/**
 * Resolves in a later turn of the event loop, when what is ready now has run.
 *
 * - By `setImmediate` where there is one, and by a timer elsewhere. Browsers hold up timers that are set by timers, for
 *   four milliseconds each: a message in between keeps them from it.
 */
export const turn = async (): Promise<void> => {
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve))
  if (typeof MessageChannel === "function") await message()
  return new Promise((resolve) => setTimeout(resolve, 0))
}
