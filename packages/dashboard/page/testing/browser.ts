import { findChromium, flags } from "@anygpu/runtimes/chromium"
import { type Browser, chromium, type Page } from "playwright-core"

/** Where the browser is; null: the tests that need one are skipped, but in CI. */
export const executablePath = findChromium()

/** A browser without any network of its own. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: executablePath ?? "", headless: true, args: [...flags] })

/** How a page looks. */
export interface Look {
  readonly width: number
  readonly theme: "light" | "dark"
}

/** A page of a browser with a clock, zone and language of its own; everything that goes wrong in it is kept. */
export const openTab = async (browser: Browser, { width, theme }: Look, now?: number) => {
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 844 : 1080 },
    colorScheme: theme,
    reducedMotion: "reduce",
    timezoneId: "Europe/Helsinki",
    locale: "fi-FI",
    deviceScaleFactor: width < 600 ? 2 : 1
  })
  const page = await context.newPage()
  if (now !== undefined) await page.clock.setFixedTime(now)
  const complaints: string[] = []
  page.on("pageerror", (error) => complaints.push(String(error)))
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("Failed to load resource"))
      complaints.push(message.text())
  })
  return { page, context, complaints }
}

/** A tab of a page. */
export type Tab = Page
