import { formatBytes, type Images } from "@guise/contract";
import { Button, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Awaited } from "../connection/awaited.tsx";
import { CommandHint } from "../kit/command-hint.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { usePageTitle } from "../kit/page-title.ts";
import { useSession } from "../session/session.ts";
import { CsvButton } from "../tables/csv-button.tsx";
import { DataTable } from "../tables/data-table.tsx";
import { useTableOrder } from "../tables/use-table-order.ts";
import { IMAGE_COLUMNS, removableOf } from "./image-columns.tsx";

/** The engine is asked for each: seldom. */
const LOOK_EVERY = 30_000;

/** Images of personas on the engine: what they take, who needs them, and the way to be rid of those that nobody needs. */
export function ImagesPage() {
  usePageTitle("Images");
  const { agent } = useSession();
  const images = useQuery({ queryKey: ["images"], queryFn: () => agent.admin.images(), refetchInterval: LOOK_EVERY });
  const [asks, { open, close }] = useDisclosure(false);
  const table = useTableOrder(images.data?.images ?? [], IMAGE_COLUMNS);
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="end">
        <Title order={1} size="h3">
          Images
        </Title>
        <Group gap="xs">
          <Button variant="default" size="xs" onClick={open} disabled={images.data === undefined}>
            Remove what nobody uses …
          </Button>
          <CsvButton table="Images" columns={IMAGE_COLUMNS} rows={() => images.data?.images ?? []} />
        </Group>
      </Group>
      {images.isPending && <Awaited what="the list of images" height={200} />}
      {images.isError && (
        <ErrorNotice
          error={images.error}
          what="The images could not be read; what stands here may be old"
          retry={() => void images.refetch()}
        />
      )}
      {images.data !== undefined && <Taken images={images.data} />}
      {images.data?.images.length === 0 && <Text>There is no image yet: the first version of a persona makes one.</Text>}
      {(images.data?.images.length ?? 0) > 0 && (
        <DataTable name="Images" columns={IMAGE_COLUMNS} minWidth={760} keyOf={({ image }) => image} {...table} />
      )}
      {asks && images.data !== undefined && <CollectDialog images={images.data} close={close} />}
    </Stack>
  );
}

function Taken({ images: { taken, budget } }: { readonly images: Images }) {
  const percent = budget === 0 ? 100 : Math.min(100, Math.round((100 * taken) / budget));
  return (
    <div>
      <Text size="sm">
        {formatBytes(taken)} taken of {formatBytes(budget)}, beyond which those go that were used the longest ago and nobody needs
      </Text>
      <Progress value={percent} aria-label={`Room for images taken: ${percent} %`} />
    </div>
  );
}

/** Says what would go; afterwards, what went. */
function CollectDialog({ images, close }: { readonly images: Images; close(): void }) {
  const { admin } = useSession().agent;
  const queries = useQueryClient();
  const { count, bytes } = removableOf(images.images);
  const collect = useMutation({
    mutationFn: () => admin.collectImages(0),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["images"] }),
  });
  if (collect.data !== undefined) {
    const { removed, freed, left } = collect.data;
    return (
      <Dialog title="Removed" close={close}>
        <Text role="status">
          {removed.length} {removed.length === 1 ? "image" : "images"}; {formatBytes(freed)} are free. Images take {formatBytes(left)} now.
        </Text>
        <Group justify="flex-end">
          <Button onClick={close} data-autofocus>
            Done
          </Button>
        </Group>
      </Dialog>
    );
  }
  return (
    <Dialog title="Remove images that nobody uses" close={close}>
      {count === 0 ? (
        <Text>Each image is needed by a workspace, a build or a start that is near: there is nothing to remove.</Text>
      ) : (
        <>
          <Text>
            <b>Removed:</b> {count === 1 ? "1 image" : `${count} images`} with at least {formatBytes(bytes)}. Who asks for such a persona
            waits until its image is built again.
          </Text>
          <Text>
            <b>Kept:</b> every image that a workspace runs on, or starts on when it is resumed; homes and personas.
          </Text>
        </>
      )}
      {collect.isError && <ErrorNotice error={collect.error} what="They were not removed" />}
      <Group justify="flex-end">
        <Button variant="default" onClick={close} data-autofocus>
          {count === 0 ? "Close" : "Keep them"}
        </Button>
        {count > 0 && (
          <Button color="red.9" loading={collect.isPending} onClick={() => collect.mutate()}>
            Remove
          </Button>
        )}
      </Group>
      <CommandHint command="admin images collect --budget 0" />
    </Dialog>
  );
}
