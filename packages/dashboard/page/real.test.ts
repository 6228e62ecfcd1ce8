import { money } from "anygpu"
import { describe, expect, test } from "vitest"
import { openDashboard } from "../src/testing.test-support.ts"
import { violationsOf } from "./testing/axe.ts"
import { openBrowser, openTab } from "./testing/browser.ts"
import { builtPage } from "./testing/built.ts"
import { skipped } from "./testing/pages.ts"

describe.skipIf(skipped)("on the real server", () => {
  test("a machine is rented, shown, extended and ended by the keyboard alone", async () => {
    await using world = await openDashboard({ allowChanges: true, budget: { budget: "team", total: money("10") } })
    const [browser, files] = await Promise.all([openBrowser(), builtPage()])
    await using _browser = browser
    const { page: tab, complaints } = await openTab(browser, { width: 1440, theme: "light" })
    // The page as it is in the sources; all that is asked goes to the server.
    await tab.route(
      ({ pathname }) => files.has(pathname),
      async (route) => {
        const file = files.get(new URL(route.request().url()).pathname)
        await route.fulfill({ body: file?.bytes ?? "", headers: { ...file?.headers } })
      }
    )
    await tab.goto(world.dashboard.link)
    await tab.getByText("No machine runs, and nothing is paid.").waitFor()
    await tab.getByRole("link", { name: "Market", exact: true }).press("Enter")
    await tab.getByLabel("Memory each").fill("")
    await tab.getByLabel("Memory each").press("Enter")
    await tab
      .getByRole("button", { name: /^Launch 1x/ })
      .first()
      .press("Enter")
    await tab.getByLabel("Name", { exact: true }).fill("job")
    await tab.getByLabel("System").fill("ubuntu")
    await tab.getByRole("button", { name: /^Rent it for/ }).press("Enter")
    await tab.getByRole("link", { name: "Show job" }).press("Enter")
    const sheet = tab.getByRole("dialog", { name: "job", exact: true })
    await expect
      .poll(async () => {
        world.timers.pass(60_000)
        return await sheet.getByText("Status").count()
      })
      .toBe(1)
    expect(await violationsOf(tab)).toEqual([])
    await sheet.getByRole("button", { name: "Extend…" }).press("Enter")
    await sheet.getByLabel("Needed, from now").fill("9h")
    await sheet.getByLabel("Needed, from now").press("Enter")
    await tab.getByText(/^job now ends at .*\.$/).waitFor()
    await sheet.getByRole("button", { name: "End…", exact: true }).press("Enter")
    await tab.getByRole("dialog", { name: "End job for good?" }).getByRole("button", { name: "End job" }).press("Enter")
    await tab.getByRole("dialog", { name: "job is gone" }).waitFor()
    await expect
      .poll(async () => {
        world.timers.pass(60_000)
        return await tab.getByText("No machine runs, and nothing is paid.").count()
      })
      .toBe(1)
    expect(await tab.getByText("Its end is verified").count(), "the dialog outlives its machine").toBe(1)
    expect(complaints).toEqual([])
    const { json } = await world.call("list")
    expect(json.machines).toEqual([])
  })
})
