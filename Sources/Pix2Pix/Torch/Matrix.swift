internal import CTorch

/// A matrix of doubles on the CPU, for statistics: tensors are of 32 bits.
public struct Matrix: Hashable, Sendable {
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// Row after row.
    public private(set) var elements: [Double]

    /// Takes elements.
    ///
    /// - Precondition: There are as many as rows times columns.
    public init(rows: Int, columns: Int, elements: [Double]) {
        precondition(elements.count == rows * columns, "a matrix has rows times columns elements")
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    /// The element in a row and a column, counted from 0.
    public subscript(row: Int, column: Int) -> Double {
        get { elements[row * columns + column] }
        set { elements[row * columns + column] = newValue }
    }

    /// Rows as columns.
    public var transposed: Matrix {
        var result = Matrix(rows: columns, columns: rows, elements: elements)
        for row in 0..<rows {
            for column in 0..<columns { result[column, row] = self[row, column] }
        }
        return result
    }

    /// The matrix product.
    ///
    /// - Parameter other: Has as many rows as this one has columns.
    /// - Returns: `rows` x `other.columns`.
    /// - Throws: ``TorchError`` if there is not enough memory.
    public func product(with other: Matrix) throws(TorchError) -> Matrix {
        precondition(columns == other.rows, "as many columns as rows")
        var result = [Double](repeating: 0, count: rows * other.columns)
        try check(
            unsafe ctorch_doubles_product(
                elements,
                other.elements,
                Int64(rows),
                Int64(columns),
                Int64(other.columns),
                &result
            )
        )
        return Matrix(rows: rows, columns: other.columns, elements: result)
    }

    /// The eigenvalues and eigenvectors of a symmetric matrix, of which the lower half is read.
    ///
    /// - Returns: The values, ascending, and a vector of length 1 for each, in the columns.
    /// - Throws: ``TorchError`` if an element is infinite or not a number.
    func symmetricEigen() throws(TorchError) -> (values: [Double], vectors: Matrix) {
        precondition(rows == columns, "a square matrix")
        var values = [Double](repeating: 0, count: rows)
        var vectors = elements
        try check(
            unsafe ctorch_doubles_symmetric_eigen(elements, Int64(rows), &values, &vectors)
        )
        return (values, Matrix(rows: rows, columns: rows, elements: vectors))
    }

    /// The singular values, descending.
    ///
    /// - Returns: As many as the smaller of rows and columns.
    /// - Throws: ``TorchError`` if an element is infinite or not a number.
    func singularValues() throws(TorchError) -> [Double] {
        var values = [Double](repeating: 0, count: min(rows, columns))
        try check(
            unsafe ctorch_doubles_singular_values(
                elements,
                Int64(rows),
                Int64(columns),
                &values
            )
        )
        return values
    }
}
