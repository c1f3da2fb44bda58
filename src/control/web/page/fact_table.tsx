import type { ComponentChildren } from "preact";

/** A line of the table: its key among the others, and a cell under each head. */
export interface FactLine<Column extends string> {
  readonly key: string | number;
  readonly cells: Readonly<Record<Column, ComponentChildren>>;
}

/**
 * A table of facts, with the columns of `heads` in their order. In a narrow place each line of it flows, the first cell alone
 * and each other one after its head; the roles stand here because the style takes away what the elements would say.
 */
export function FactTable<Column extends string>(
  { label, heads, lines }: {
    readonly label: string;
    readonly heads: Readonly<Record<Column, string>>;
    readonly lines: readonly FactLine<Column>[];
  },
) {
  const columns = Object.keys(heads) as Column[];
  return (
    <table class="facts" role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((each) => <th key={each} scope="col" role="columnheader">{heads[each]}</th>)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {lines.map(({ key, cells }) => (
          <tr key={key} role="row">
            {columns.map((each) => (
              <td key={each} role="cell" data-head={heads[each]}>{cells[each]}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
