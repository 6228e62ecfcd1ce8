import { documentedCloud, type WordRow } from "@anygpu/conformance"
import search from "./fixtures/search.json" with { type: "json" }

interface Words {
  readonly gpu_name: string
  readonly geolocation: string
  readonly dph_base: number
  readonly dph_total: number
  readonly storage_cost: number
  readonly min_bid: number
}

/** Source: vast-cli, vastai/data/query.py. */
const names = `
  A10, A10g, A16, A30, A40, A100 PCIE, A100 SXM4, A100 SXM, A100X, A800 PCIE, B200, B300, GB10, GH200 SXM, H100
  PCIE, H100 SXM, H100 NVL, H200, H200 NVL, L4, L40, L40S, Tesla K20c, Tesla K80, Tesla M40, Tesla P4, Tesla P6,
  Tesla P40, Tesla P100, Tesla T4, Tesla V100, GeForce 970, GTX 750 Ti, GTX 1050, GTX 1050 Ti, GTX 1060, GTX 1070,
  GTX 1070 Ti, GTX 1080, GTX 1080 Ti, GTX 1650, GTX 1650 S, GTX 1650 Ti, GTX 1660, GTX 1660 S, GTX 1660 Ti, GTX
  TITAN X, RTX 2060, RTX 2060S, RTX 2070, RTX 2070S, RTX 2080, RTX 2080S, RTX 2080 Ti, RTX 3050, RTX 3060, RTX
  3060 laptop, RTX 3060 Ti, RTX 3070, RTX 3070 laptop, RTX 3070 Ti, RTX 3080, RTX 3080 Ti, RTX 3090, RTX 3090 Ti,
  RTX 4060, RTX 4060 laptop, RTX 4060 Ti, RTX 4070, RTX 4070 laptop, RTX 4070S, RTX 4070S Ti, RTX 4070 Ti, RTX
  4080, RTX 4080 laptop, RTX 4080S, RTX 4090, RTX 4090D, RTX 4090 Ti, RTX 5060, RTX 5060 Ti, RTX 5070, RTX 5070
  Ti, RTX 5080, RTX 5090, RTX 5090 Ti, Titan RTX, Titan V, TITAN V CEO, Titan X, Titan Xp, Quadro K620, Quadro
  K2200, Quadro P2000, Quadro P4000, Quadro P5000, Quadro P6000, Quadro GP100, Quadro GV100, Q RTX 4000, Q RTX
  5000, Q RTX 6000, Q RTX 8000, RTX A2000, RTX A4000, RTX A4500, RTX A5000, RTX A6000, RTX 2000Ada, RTX 4000Ada,
  RTX 4500Ada, RTX 5000Ada, RTX 5880Ada, RTX 6000Ada, RTX PRO 4000, RTX PRO 4000 Mobile, RTX PRO 4500, RTX PRO
  5000, RTX PRO 6000, RTX PRO 6000 S, RTX PRO 6000 WS, RTX PRO 6000 Max-Q, CMP 50HX, CMP 170HX, P104-100,
  P106-100, InstinctMI50, InstinctMI100, InstinctMI210, InstinctMI250X, PRO W6800, PRO W7800, PRO W7900, Pro V620,
  Radeon VII, Radeon Pro VII, RX 6800, RX 6800 XT, RX 6900 XT, RX 6950 XT, RX 7600, RX 7700 XT, RX 7800 XT, RX
  7900 GRE, RX 7900 XT, RX 7900 XTX
`

/** Those that core's table has under another name. */
const otherwise: Readonly<Record<string, string>> = {
  A10g: "A10G",
  "A100 SXM": "A100 SXM4",
  "GH200 SXM": "GH200",
  "Tesla K20c": "K20c",
  "Tesla K80": "K80",
  "Tesla M40": "M40",
  "Tesla P4": "P4",
  "Tesla P6": "P6",
  "Tesla P40": "P40",
  "Tesla P100": "P100",
  "Tesla T4": "T4",
  "Tesla V100": "V100",
  "GeForce 970": "GTX 970",
  "GTX 1650 S": "GTX 1650 SUPER",
  "GTX 1660 S": "GTX 1660 SUPER",
  "RTX 2060S": "RTX 2060 SUPER",
  "RTX 2070S": "RTX 2070 SUPER",
  "RTX 2080S": "RTX 2080 SUPER",
  "RTX 3060 laptop": "RTX 3060 Laptop",
  "RTX 3070 laptop": "RTX 3070 Laptop",
  "RTX 4060 laptop": "RTX 4060 Laptop",
  "RTX 4070 laptop": "RTX 4070 Laptop",
  "RTX 4070S": "RTX 4070 SUPER",
  "RTX 4070S Ti": "RTX 4070 Ti SUPER",
  "RTX 4080 laptop": "RTX 4080 Laptop",
  "RTX 4080S": "RTX 4080 SUPER",
  "Q RTX 4000": "Quadro RTX 4000",
  "Q RTX 5000": "Quadro RTX 5000",
  "Q RTX 6000": "Quadro RTX 6000",
  "Q RTX 8000": "Quadro RTX 8000",
  "RTX 2000Ada": "RTX 2000 Ada",
  "RTX 4000Ada": "RTX 4000 Ada",
  "RTX 4500Ada": "RTX 4500 Ada",
  "RTX 5000Ada": "RTX 5000 Ada",
  "RTX 5880Ada": "RTX 5880 Ada",
  "RTX 6000Ada": "RTX 6000 Ada",
  InstinctMI50: "MI50",
  InstinctMI100: "MI100",
  InstinctMI210: "MI210",
  InstinctMI250X: "MI250X",
  "Pro V620": "PRO V620"
}

const gpus = names.split(/,\s+/).map((name): WordRow<Words> => {
  const gpu_name = name.trim().replace(/\s+/g, " ")
  return [{ gpu_name }, otherwise[gpu_name] ?? gpu_name]
})

const [row] = search.offers

/** What Vast's documents name. */
export const documented = documentedCloud<Words>({
  sources: [
    "vast-cli, vastai/data/query.py: the names of GPUs",
    "Vast.ai API reference, samples of search offers and show instances: places and prices"
  ],
  usual: {
    ...{ gpu_name: "RTX 4090", geolocation: "California, US", dph_base: 0.8, dph_total: 0.8021 },
    ...{ storage_cost: 0.15, min_bid: 0.296 }
  },
  gpus: [
    ...gpus,
    // How the reference writes names, other than the market.
    [{ gpu_name: "RTX_4090" }, "RTX 4090"],
    [{ gpu_name: "RTX_3090" }, "RTX 3090"],
    [{ gpu_name: "Imaginary RTX 9999" }, { unknown: "the name of no card: an example" }]
  ],
  places: [
    [{ geolocation: "Washington, US" }, "US"],
    [{ geolocation: ", US" }, "US"],
    [{ geolocation: "California, United States" }, "US"],
    // The letters of a country stand where Vast puts them: the example's city is made up.
    [{ geolocation: "Atlantis, AT" }, "AT"]
  ],
  prices: {
    hour: [
      [{ dph_base: 0.123456 }, "$0.123456"],
      [{ dph_base: 0.8 }, "$0.80"],
      [{ dph_base: 1 }, "$1.00"],
      [{ dph_base: 0.017 }, "$0.017"]
    ],
    disk: [
      [{ storage_cost: 0.987654 }, "$0.987654"],
      [{ storage_cost: 0.15 }, "$0.15"]
    ]
  },
  answers: (words) => ({ "POST /api/v0/bundles/": { offers: [{ ...row, num_gpus: 1, gpu_frac: 1, ...words }] } })
})
