import { useState } from "preact/hooks"
import { announce } from "./announcer.tsx"

/** A text to take along, with a button that copies it. */
export const Copy = ({ text, what }: { readonly text: string; readonly what: string }) => {
  const [done, setDone] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text).then(
      () => {
        setDone(true)
        announce(`${what} copied`)
        setTimeout(() => setDone(false), 2000)
      },
      () => announce(`${what} could not be copied: select it`)
    )
  }
  return (
    <div class="copy">
      <code>{text}</code>
      <button type="button" class="tiny" aria-label={`Copy ${what}`} onClick={copy}>
        {done ? "Copied" : "Copy"}
      </button>
    </div>
  )
}
