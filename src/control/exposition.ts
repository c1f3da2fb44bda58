/** The two text formats that Prometheus reads. */

/** A number with what tells it from others of its family. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Numbers of one kind. */
export interface Family {
  /** Ends in the unit, where it has one; without `_total` and `_info`. */
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "info";
  readonly unit: "" | "bytes" | "seconds";
  readonly samples: readonly Sample[];
}

/** OpenMetrics 1.0. */
export function inOpenMetrics(families: readonly Family[]): string {
  const lines = families.flatMap((family) => [
    `# TYPE ${family.name} ${family.type}`,
    ...(family.unit === "" ? [] : [`# UNIT ${family.name} ${family.unit}`]),
    `# HELP ${family.name} ${escaped(family.help)}`,
    ...samples(family),
  ]);
  return [...lines, "# EOF", ""].join("\n");
}

/** The text format 0.0.4: no units, no `info`, and a counter is declared by the name of its sample. */
export function inPrometheusText(families: readonly Family[]): string {
  const lines = families.flatMap((family) => {
    const name = sampleName(family);
    return [
      `# HELP ${name} ${escaped(family.help)}`,
      `# TYPE ${name} ${family.type === "info" ? "gauge" : family.type}`,
      ...samples(family),
    ];
  });
  return [...lines, ""].join("\n");
}

function samples(family: Family): string[] {
  return family.samples.map(({ labels, value }) =>
    `${sampleName(family)}${labelSet(labels)} ${value}`
  );
}

function sampleName({ name, type }: Family): string {
  return type === "counter" ? `${name}_total` : type === "info" ? `${name}_info` : name;
}

function labelSet(labels: Readonly<Record<string, string>>): string {
  const each = Object.entries(labels).map(([name, value]) =>
    `${name}="${escaped(value).replaceAll('"', '\\"')}"`
  );
  return each.length === 0 ? "" : `{${each.join(",")}}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
