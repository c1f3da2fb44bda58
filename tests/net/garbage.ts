/** Makes enough garbage, over some turns of the event loop, that what nobody holds is collected. */
export async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 8; round++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    const garbage = Array.from({ length: 60 }, () => new Array(100_000).fill({}));
    if (garbage.length === 0) throw new Error("Expected garbage");
  }
}
