import { existsSync } from "node:fs"
import { delimiter, join } from "node:path"

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

/** Where it is on systems that put no command for it on the path. */
const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium"
]

/** Where a Chromium is on this computer; null when none is found. The variable CHROMIUM names one that is elsewhere. */
export const findChromium = (): string | null => {
  const { CHROMIUM, PATH = "" } = process.env
  const folders = PATH.split(delimiter).filter((folder) => folder !== "")
  const candidates = [
    ...(CHROMIUM ? [CHROMIUM] : []),
    ...places,
    ...folders.flatMap((folder) => names.map((name) => join(folder, name)))
  ]
  return candidates.find((path) => existsSync(path)) ?? null
}

/** Without any of what a browser does by itself over the network, and without a name of any other computer. */
export const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
]
