import { Dialog } from "./dialog.tsx";
import { Check } from "./fields.tsx";
import { useTools } from "./tools.ts";

/** What keys do. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const { words, letterKeys, setLetterKeys } = useTools();
  return (
    <Dialog
      title={words.keys.title}
      go={null}
      onGo={() => Promise.resolve(true)}
      onClose={onClose}
    >
      <table>
        <thead>
          <tr>
            <th scope="col">{words.keys.key}</th>
            <th scope="col">{words.keys.does}</th>
          </tr>
        </thead>
        <tbody>
          {words.keys.all.map(([keys, does]) => (
            <tr key={does}>
              <td>
                <kbd>{keys}</kbd>
              </td>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Check
        label={words.keys.letters}
        hint={words.keys.lettersHint}
        value={letterKeys}
        onChange={setLetterKeys}
      />
    </Dialog>
  );
}
