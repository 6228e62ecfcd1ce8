import { useEffect } from "preact/hooks"
import { makeStore, useStore } from "./store.ts"

/** The screens, in the order of the navigation. */
export const screens = ["now", "market", "spend", "trail", "clouds"] as const

/** The name of a screen. */
export type Screen = (typeof screens)[number]

/** Where the page is: its screen and what that shows. It stands in the address's fragment, so that reload and back work. */
export interface Route {
  readonly screen: Screen
  readonly params: URLSearchParams
}

const read = (): Route => {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?")
  return { screen: screens.find((one) => one === path) ?? "now", params: new URLSearchParams(query) }
}

const route = makeStore<Route>({ screen: "now", params: new URLSearchParams() })

/** The address of a screen. */
export const address = (screen: Screen, params?: URLSearchParams): string => {
  const query = params?.toString() ?? ""
  return `#/${screen}${query === "" ? "" : `?${query}`}`
}

/** Changes what the screen shows; `replaces` leaves no step to go back to. Null removes its name. */
export const go = (screen: Screen, values: Readonly<Record<string, string | null>>, replaces = false): void => {
  const params = new URLSearchParams(read().screen === screen ? read().params : undefined)
  for (const [name, value] of Object.entries(values)) value === null ? params.delete(name) : params.set(name, value)
  const to = address(screen, params)
  if (to === location.hash) return
  if (replaces) history.replaceState(null, "", to)
  else history.pushState(null, "", to)
  route.set(read())
}

/** Where the page is. */
export const useRoute = (): Route => {
  useEffect(() => {
    const look = () => route.set(read())
    look()
    addEventListener("hashchange", look)
    addEventListener("popstate", look)
    return () => {
      removeEventListener("hashchange", look)
      removeEventListener("popstate", look)
    }
  }, [])
  return useStore(route)
}

route.set(read())
