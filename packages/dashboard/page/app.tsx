import { useEffect, useState } from "preact/hooks"
import { CloudsScreen } from "./clouds/clouds.tsx"
import { about, askAbout } from "./data/about.ts"
import { errorOf } from "./data/call.ts"
import { recordChanges } from "./data/changes.ts"
import { connection, listen } from "./data/live.ts"
import { address, type Screen, screens, useRoute } from "./data/route.ts"
import { useStore } from "./data/store.ts"
import { Login } from "./login.tsx"
import { MarketScreen } from "./market/market.tsx"
import { NowScreen } from "./now/now.tsx"
import { Announcer, announce } from "./parts/announcer.tsx"
import { SpendScreen } from "./spend/spend.tsx"
import { State } from "./state.tsx"
import { TrailScreen } from "./trail/trail.tsx"

const titles: Readonly<Record<Screen, string>> = {
  now: "Now",
  market: "Market",
  spend: "Spend",
  trail: "Trail",
  clouds: "Clouds"
}

const views: Readonly<Record<Screen, (props: { readonly params: URLSearchParams }) => preact.JSX.Element>> = {
  now: NowScreen,
  market: MarketScreen,
  spend: SpendScreen,
  trail: TrailScreen,
  clouds: CloudsScreen
}

/** Asks what the server is, again and again until it answers, and then listens. */
const begin = async (): Promise<void> => {
  for (;;) {
    try {
      await askAbout()
      return await listen()
    } catch (thrown) {
      if (errorOf(thrown).tag === "Unauthenticated") return connection.set("refused")
      connection.set("lost")
      await new Promise((resolve) => setTimeout(resolve, 2000))
    }
  }
}

/** The page. */
export const App = () => {
  const { screen, params } = useRoute()
  const [round, setRound] = useState(0)
  const isRefused = useStore(connection) === "refused"
  const isKnown = useStore(about) !== null
  useEffect(() => {
    connection.set("connecting")
    begin()
  }, [round])
  useEffect(() => recordChanges(announce), [])
  useEffect(() => {
    document.title = `${titles[screen]} · anygpu`
  }, [screen])
  if (isRefused) return <Login onToken={() => setRound(round + 1)} />
  const View = views[screen]
  return (
    <>
      <button type="button" class="skip" onClick={focusMain}>
        Skip to the content
      </button>
      <header class="top">
        <div>
          <span class="brand">anygpu</span>
          <nav aria-label="Screens">
            <ul>
              {screens.map((one) => (
                <li key={one}>
                  <a href={address(one)} aria-current={one === screen ? "page" : undefined}>
                    {titles[one]}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <State />
        </div>
      </header>
      <main id="main" tabIndex={-1} aria-busy={!isKnown}>
        <h1 class="hidden">{titles[screen]}</h1>
        <View key={screen} params={params} />
      </main>
      <Announcer />
    </>
  )
}

const focusMain = (): void => document.getElementById("main")?.focus()
