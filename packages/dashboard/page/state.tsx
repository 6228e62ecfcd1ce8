import { about } from "./data/about.ts"
import { connection } from "./data/live.ts"
import { useStore } from "./data/store.ts"
import { setTheme, type Theme, theme } from "./data/theme.ts"

const texts = {
  connecting: ["connecting", "soft"],
  live: ["live", "ok"],
  lost: ["connection lost, trying again", "bad"],
  refused: ["not logged in", "bad"]
} as const

const next: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" }
const themeTexts: Readonly<Record<Theme, string>> = { system: "Auto", light: "Light", dark: "Dark" }

/** How the page stands to its server, and the switch of its colours. */
export const State = () => {
  const [text, tone] = texts[useStore(connection)]
  const known = useStore(about)
  const chosen = useStore(theme)
  return (
    <div class="state">
      {known?.simulated && (
        <span class="sim" title={`No account, no money. Time runs ${known.timeRuns} times as fast as yours.`}>
          simulated
        </span>
      )}
      {known && !known.allows.changes && (
        <span title="This server only reads: --allow-changes lets it act">read-only</span>
      )}
      <span role="status" class="nowrap">
        <i class={`dot ${tone}`} aria-hidden="true" />
        {text}
      </span>
      <button
        type="button"
        class="quiet"
        aria-label={`Colours: ${themeTexts[chosen]}. Change`}
        onClick={() => setTheme(next[chosen])}
      >
        {themeTexts[chosen]}
      </button>
    </div>
  )
}
