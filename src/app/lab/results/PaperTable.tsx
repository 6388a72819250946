/** The paper's own figures, beside ours and never mixed with them. */

import { For } from 'solid-js';
import { paperTable } from '../../../marketLine/paperTable.ts';
import { TableBox } from '../../components/TableBox.tsx';
import { formatFixed2, formatWithError } from '../../format.ts';

export function PaperTable() {
  return (
    <TableBox
      testId="paper-table"
      caption="Table 2 of the paper (arXiv 2510.17165): its own markets and models, not computed here"
    >
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Kind</th>
          <th scope="col">
            SR<sub>θ</sub> ± s.e.
          </th>
          <th scope="col">R²</th>
        </tr>
      </thead>
      <tbody>
        <For each={paperTable}>
          {(row) => (
            <tr>
              <th scope="row">{row.model}</th>
              <td>{row.kind}</td>
              <td>{formatWithError(row.slope, row.stdErr)}</td>
              <td>{formatFixed2(row.r2)}</td>
            </tr>
          )}
        </For>
      </tbody>
    </TableBox>
  );
}
