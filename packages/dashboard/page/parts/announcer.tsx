import { makeStore, useStore } from "../data/store.ts"

const said = makeStore("")

/** Says something to those who do not look, when they pause. */
export const announce = (text: string): void => said.set(text)

/** Where announcements are heard. */
export const Announcer = () => (
  <div class="hidden" aria-live="polite">
    {useStore(said)}
  </div>
)
