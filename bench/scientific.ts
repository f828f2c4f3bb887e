/** What a scientist may name, forty packages; each has wheels. */
export const SCIENTIFIC: readonly string[] = [
  ...["numpy", "scipy", "pandas", "scikit-learn", "matplotlib", "statsmodels", "polars", "sympy", "networkx", "jupyterlab"],
  ...["seaborn", "plotly", "bokeh", "altair", "xarray", "dask", "h5py", "pyarrow", "numba", "pillow"],
  ...["scikit-image", "numexpr", "bottleneck", "openpyxl", "xlsxwriter", "lxml", "beautifulsoup4", "requests", "sqlalchemy", "tqdm"],
  ...["joblib", "patsy", "astropy", "pint", "uncertainties", "lmfit", "ipywidgets", "netcdf4", "cvxpy", "duckdb"],
].map((name) => `pip:${name}`);
