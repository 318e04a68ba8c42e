const rowCount = 1500;
const plans = ["basic", "standard", "premium"] as const;
const monthlyUsd = { basic: 15, standard: 30, premium: 60 } as const;

/** Made-up customers as CSV, the same on every machine: enough for a first model that passes its gate. */
export function exampleRows(): string {
  const random = seededRandom(42);
  const rows = Array.from({ length: rowCount }, (_, index) => {
    const plan = plans[Math.floor(random() * plans.length)] ?? "basic";
    const tenure = Math.floor(random() * 72);
    const calls = Math.floor(random() ** 2 * 9);
    const usd = (monthlyUsd[plan] * (0.9 + 0.2 * random())).toFixed(2);
    // New customers who call often leave; the noise keeps the model honest.
    const score = 0.5 + 0.55 * calls - 0.06 * tenure + (plan === "basic" ? 0.5 : 0);
    const churned = random() < 1 / (1 + Math.exp(-score)) ? "yes" : "no";
    return [`c-${String(index + 1).padStart(5, "0")}`, tenure, usd, plan, calls, churned].join(",");
  });
  return `customer,tenure_months,monthly_usd,plan,support_calls,churned\n${rows.join("\n")}\n`;
}

/** Numbers in [0, 1), always the same ones: mulberry32, a generator in the public domain. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
