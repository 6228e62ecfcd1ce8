import { type Hands, plainCalls, plainContender, Refused } from "./plain.ts"

/** How often it tries each request. */
const attempts = 5

/**
 * What one writes in an afternoon: fetch, and a loop that tries again on a network error, an answer that cannot be read,
 * 429 and 5xx, twice as late each time. One offer after the other where several are given.
 */
export const naive = plainContender("fetch and retry", (life): Hands => {
  const { create, isUp, end } = plainCalls(life)
  const insist = async <A>(run: () => Promise<A>): Promise<A> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await run()
      } catch (error) {
        const isFinal = error instanceof Refused && error.status < 500 && error.status !== 429
        if (isFinal || attempt === attempts) throw error
        await life.mortal.clock.sleep(1000 * 2 ** attempt)
      }
    }
  }
  return {
    create: async (offers, name) => {
      let failure: unknown = new Error("nothing is offered")
      for (const offer of offers) {
        try {
          return await insist(() => create(offer, name))
        } catch (error) {
          failure = error
        }
      }
      throw failure
    },
    isUp: (machine) => insist(() => isUp(machine)),
    end: (machine) => insist(() => end(machine))
  }
})
