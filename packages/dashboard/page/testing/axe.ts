import axe from "axe-core"
import type { Tab } from "./browser.ts"

/** What axe finds wrong with a page, a line each; the page's own policy lets no script in but through the browser's tools. */
export const violationsOf = async (page: Tab): Promise<ReadonlyArray<string>> => {
  await page.evaluate(axe.source)
  const found: unknown =
    await page.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => [id, html.slice(0, 200), failureSummary].join(" | "))))`)
  return Array.isArray(found) ? found.map(String) : [String(found)]
}
