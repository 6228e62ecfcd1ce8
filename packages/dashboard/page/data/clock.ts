import { useEffect, useState } from "preact/hooks"

/** How the server's clock stands to this computer's: of simulated clouds it runs faster. */
let [at, received, runs] = [Date.now(), performance.now(), 1]

/** Takes the server's time from its message; `timeRuns` is how many times as fast it goes on. */
export const setClock = (time: string, timeRuns: number): void => {
  ;[at, received, runs] = [Date.parse(time), performance.now(), timeRuns]
}

/** The server's time, in epoch milliseconds. */
export const serverNow = (): number => at + (performance.now() - received) * runs

/** The server's time, every second while the page is looked at. */
export const useNow = (): number => {
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    const timer = setInterval(() => document.hidden || setNow(serverNow()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
