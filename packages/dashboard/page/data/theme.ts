import { makeStore } from "./store.ts"

const name = "anygpu.theme"

/** What was chosen; `system` follows the computer. */
export type Theme = "system" | "light" | "dark"

const read = (): Theme => {
  const kept = localStorage.getItem(name)
  return kept === "light" || kept === "dark" ? kept : "system"
}

/** The colours of the page. */
export const theme = makeStore<Theme>(read())

/** Chooses the colours, also for the next visit. */
export const setTheme = (chosen: Theme): void => {
  if (chosen === "system") localStorage.removeItem(name)
  else localStorage.setItem(name, chosen)
  theme.set(chosen)
  showTheme()
}

/** Puts the chosen colours onto the page. */
export const showTheme = (): void => {
  const chosen = theme.get()
  if (chosen === "system") delete document.documentElement.dataset["theme"]
  else document.documentElement.dataset["theme"] = chosen
}
