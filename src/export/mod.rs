//! Exports results to the formats of other programs, always from a merged file.

mod column;
mod csv;
mod data;
mod data_xyz;
mod feature_style;
mod features;
mod gdf2;
mod map;
#[cfg(feature = "netcdf")]
mod netcdf;
mod parquet;
mod qgis_project;
#[cfg(feature = "plot")]
mod raster_style;
#[cfg(feature = "plot")]
mod section_image;
mod table;
mod vtk;
mod xyz;

pub use column::{Column, ColumnValues};
pub use csv::{csv_companions, write_csv};
pub use data_xyz::{data_xyz_paths, write_data_xyz};
pub use features::{features_companions, write_features};
pub use gdf2::{gdf2_companions, write_gdf2};
pub use map::{Map, write_map};
#[cfg(feature = "netcdf")]
pub use netcdf::write_netcdf;
pub use parquet::write_parquet;
#[cfg(feature = "plot")]
pub use section_image::{SectionImageOptions, write_section_images};
pub use table::{Content, Table, Tables};
pub use vtk::write_vtk;
pub use xyz::write_xyz;
