import type { OperationContext } from "./context.ts"

/** What a face has where a program calls: what is missing stands in the answer too, and nobody is there to be asked. */
export const unattended: Pick<OperationContext, "out" | "asker"> = {
  out: { say: () => {}, note: () => {}, during: (_, work) => work(() => {}) },
  asker: {
    possible: false,
    confirm: async () => false,
    choose: async (question) => {
      throw new Error(`Nobody can be asked: ${question}`)
    }
  }
}
