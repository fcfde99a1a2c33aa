//! Rows that have the gates of one system each, as in the two-moment `_dat` files of Aarhus Workbench.

use super::groups::ChannelGroup;
use crate::survey::cells::{Segment, SignedColumn};
use crate::survey::table::{Aliases, Table};

/// Names of the column with the number of the system.
const NAMES: Aliases = Aliases::First(&["segment", "segments", "channel_no", "channel", "moment"]);

/// Returns the column with the number of the system of a row.
pub(super) fn segment_column(table: &Table) -> Option<usize> {
    table.find(NAMES).ok().flatten()
}

/// Returns the segment of each group when the groups share their columns; nothing when each group has its own.
pub(super) fn segments(table: &Table, groups: &[ChannelGroup], data: &[Vec<SignedColumn>]) -> Vec<Segment> {
    let is_shared = data.len() > 1
        && data.len() == groups.len()
        && data.iter().all(|columns| !columns.is_empty() && columns.first() == data[0].first());
    let (Some(column), true) = (segment_column(table), is_shared) else { return Vec::new() };
    let all = data.iter().max_by_key(|columns| columns.len()).map_or(&[][..], |columns| &columns[..]);
    let segment = |(group, columns): (&ChannelGroup, &Vec<SignedColumn>)| Segment {
        column,
        number: group.system_index + 1,
        count: groups.len(),
        spare: all[columns.len()..].iter().map(|column| column.index).collect(),
    };
    groups.iter().zip(data).map(segment).collect()
}
